// The flame of a candle that stands at the same place: 1 outside, 2 core.
vec2 flame(vec3 p) {
  float around = ell(p - vec3(.01, .87, 0), vec3(.045, .13, .045));
  return vec2(around * .8, p.y < .84 ? 2. : 1.);
}

void flame_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  b = mix(lin(C2), lin(C1), smoothstep(.76, .9, p.y)) * 1.9;
}
