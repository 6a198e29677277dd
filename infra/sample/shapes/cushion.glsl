// A cushion standing on its edge: 1 cloth, 2 stripes.
vec2 cushion(vec3 p) {
  vec3 q = p - vec3(0, .6, 0);
  q.yz = rot(.16) * q.yz;
  vec2 a = abs(q.xy);
  float e = pow(pow(a.x / .66, 3.6) + pow(a.y / .62, 3.6), 1. / 3.6);
  float th = .25 * pow(max(0., 1. - pow(e, 2.4)), .55) + .012;
  float d = max((e - 1.) * .5, abs(q.z) - th);
  return vec2(d * .42, 1.);
}

void cushion_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  float s = ns(p.xy * 120.);
  b *= .86 + .2 * s;
  float st = smoothstep(.015, .0, abs(fract(p.x * 3.2 + .5) - .5) - .09);
  if (abs(p.x) < .55) b = mix(b, lin(C2) * (.86 + .2 * s), st);
}
