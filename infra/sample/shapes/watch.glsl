// A wrist watch standing on its strap: 1 strap, 2 case, 3 face, 4 hands.
vec2 watch(vec3 p) {
  vec3 q = p - vec3(0, .475, 0);
  float r = length(q.yz * vec2(1., 1.12));
  float s = max(abs(r - .44) - .022, abs(q.x) - .13) - .015;
  vec2 d = vec2(s * .85, 1.);
  vec3 c = q - vec3(0, .02, .43);
  vec3 k = c.xzy;
  d = u(d, vec2(cyl(k, .3, .06, .03), 2.));
  float f = cyl(k - vec3(0, .058, 0), .25, .01, .004);
  d = u(d, vec2(f, 3.));
  vec3 m = c - vec3(0, 0, .072);
  d = u(d, vec2(min(cap(m, vec3(0), vec3(.0, .17, 0), .009), cap(m, vec3(0), vec3(.1, -.05, 0), .011)), 4.));
  d = u(d, vec2(cap(c, vec3(.29, 0, 0), vec3(.36, 0, 0), .03), 2.));
  return d;
}

void watch_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  if (id > 2.5 && id < 3.5) {
    vec2 c = p.xy - vec2(0, .495);
    float a = atan(c.y, c.x), l = length(c);
    float t = abs(fract(a / 6.2832 * 12. + .5) - .5);
    if (l > .19 && l < .225 && t < .035) b = lin(C4);
  }
}
