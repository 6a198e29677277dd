// A mug, its handle at +x: 1 outside, 2 inside.
vec2 mug(vec3 p) {
  vec3 q = p - vec3(0, .42, 0);
  float o = cyl(q, .4, .42, .06);
  float i = cyl(q - vec3(0, .09, 0), .345, .42, .05);
  float m = smax(o, -i, .05);
  vec3 h = p - vec3(.42, .42, 0);
  h = h.xzy;
  float t = length(vec2(length(h.xz * vec2(1.05, .92)) - .215, h.y)) - .052;
  t = max(t, -(length(p.xz) - .36));
  float d = smin(m, t, .06);
  float in2 = step(length(p.xz), .372) * step(.06, p.y);
  return vec2(d * .9, in2 > .5 ? 2. : 1.);
}

void mug_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {}
