// A kettle, spout at -x and handle at +x: 1 enamel, 2 knob and handle.
vec2 kettle(vec3 p) {
  float y = p.y;
  float R2 = .5 - .2 * smoothstep(.0, .85, y);
  float b = smax((length(p.xz) - R2) * .9, abs(y - .4) - .4, .08);
  vec3 a1 = vec3(-.38, .2, 0), a2 = vec3(-.58, .34, 0), a3 = vec3(-.7, .76, 0);
  float s = smin(cap(p, a1, a2, .052), cap(p, a2, a3, .04), .02);
  b = smin(b, s, .08);
  vec2 d = vec2(b * .9, 1.);
  d = u(d, vec2(ell(p - vec3(0, .8, 0), vec3(.29, .075, .29)), 1.));
  d = u(d, vec2(length(p - vec3(0, .91, 0)) - .05, 2.));
  vec3 h = p - vec3(.42, .5, 0);
  h = h.xzy;
  float t = length(vec2(length(h.xz * vec2(.86, .8)) - .24, h.y)) - .036;
  t = max(t, -(p.x - .27));
  d = u(d, vec2(t * .8, 2.));
  return d;
}

void kettle_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {}
