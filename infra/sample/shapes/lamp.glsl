// A table lamp: 1 foot and rod, 2 shade, 3 bulb.
vec2 lamp(vec3 p) {
  vec2 d = vec2(cyl(p - vec3(0, .045, 0), .4, .045, .03), 1.);
  d = u(d, vec2(cyl(p - vec3(0, .7, 0), .028, .68, .01), 1.));
  vec3 q = p - vec3(0, 1.42, 0);
  float r = length(q.xz);
  float R2 = .62 - .34 * smoothstep(-.34, .34, q.y);
  float o = (r - R2) * .8;
  float s = max(abs(o) - .012, abs(q.y) - .32);
  d = u(d, vec2(s, 2.));
  d = u(d, vec2(length(p - vec3(0, 1.36, 0)) - .13, 3.));
  d = u(d, vec2(cyl(p - vec3(0, 1.76, 0), .05, .04, .02), 1.));
  return d;
}

void lamp_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  if (id > 1.5 && id < 2.5) {
    float y = p.y - 1.42;
    b *= 1.02 - .28 * smoothstep(-.3, .34, y);
    b += vec3(.16, .13, .08) * exp(-pow((y + .1) / .22, 2.));
    b *= .97 + .05 * ns(vec2(atan(p.x, p.z) * 60., p.y * 8.));
  }
}
