// A frying pan, handle at +x: 1 outside, 2 grip, 3 inside, 4 neck.
vec2 pan(vec3 p) {
  vec3 q = p - vec3(0, .13, 0);
  float R2 = .56 + .1 * q.y / .13;
  float o = smax((length(q.xz) - R2) * .85, abs(q.y) - .13, .04);
  float i = smax((length(q.xz) - R2 + .035) * .85, -(q.y + .09), .05);
  float b = smax(o, -i, .02);
  vec2 d = vec2(b, length(q.xz) < R2 - .02 && q.y > -.1 ? 3. : 1.);
  d = u(d, vec2(cap(p, vec3(.64, .2, 0), vec3(.8, .24, 0), .035), 4.));
  vec3 h = p - vec3(1.15, .27, 0);
  h.xy = rot(.09) * h.xy;
  d = u(d, vec2(rbox(h, vec3(.36, .032, .055), .03), 2.));
  return d;
}

void pan_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  if (id > 1.5 && id < 2.5) {
    b *= .86 + .22 * ns(vec2(p.x * 4., p.z * 60.));
  }
  if (id > 2.5 && id < 3.5) {
    b *= .94 + .1 * ns(vec2(length(p.xz) * 90., 1.));
  }
}
