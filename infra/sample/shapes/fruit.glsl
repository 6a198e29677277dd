// Three lemons that lie close together: 1 peel, 2 the tips.
vec2 fruit_one(vec3 p, vec3 at, float turn) {
  vec3 q = p - at;
  q.xz = rot(turn) * q.xz;
  float body = ell(q, vec3(.23, .18, .18));
  float tips = ell(vec3(abs(q.x) - .22, q.yz), vec3(.05, .04, .04));
  return vec2(smin(body, tips, .06) * .9, abs(q.x) > .25 ? 2. : 1.);
}
vec2 fruit(vec3 p) {
  vec2 d = fruit_one(p, vec3(-.2, .18, .06), .5);
  d = u(d, fruit_one(p, vec3(.22, .18, -.02), -.6));
  return u(d, fruit_one(p, vec3(.0, .42, .02), 1.9));
}

void fruit_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  b *= .93 + .1 * ns(p.xy * 60. + p.z * 40.);
}
