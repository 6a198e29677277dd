// Two folded towels on one another: 1 lower, 2 upper.
float towel_fold(vec3 p, vec3 size) {
  float wave = .008 * sin(p.x * 9. + p.z * 4.);
  float whole = rbox(p + vec3(0, wave, 0), size, size.y * .95);
  return smax(whole, .007 - abs(p.y), .02);
}
vec2 towel(vec3 p) {
  vec2 d = vec2(towel_fold(p - vec3(0, .1, 0), vec3(.62, .1, .42)) * .8, 1.);
  vec3 q = p - vec3(.02, .29, 0);
  q.xz = rot(.07) * q.xz;
  return u(d, vec2(towel_fold(q, vec3(.58, .09, .39)) * .8, 2.));
}

void towel_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  b *= .8 + .3 * ns(p.xz * 85. + p.y * 60.) * ns(p.zx * 110. + p.y * 90.);
  if (abs(p.x + .42) < .035) b *= .82;
}
