// Three bars of soap on one another: 1, 2, 3 from below.
vec2 soap(vec3 p) {
  vec2 d = vec2(rbox(p - vec3(0, .13, 0), vec3(.46, .13, .3), .07), 1.);
  vec3 a = p - vec3(.02, .39, 0);
  a.xz = rot(.22) * a.xz;
  d = u(d, vec2(rbox(a, vec3(.45, .13, .29), .07), 2.));
  vec3 c = p - vec3(-.02, .65, 0);
  c.xz = rot(-.2) * c.xz;
  d = u(d, vec2(rbox(c, vec3(.44, .13, .28), .07), 3.));
  return d;
}

void soap_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  float s = ns(p.xz * 7. + p.y * 5.);
  b *= .94 + .1 * s;
  if (id > 2.5) {
    float e = ns(p.xz * 40. + p.y * 31.);
    if (e > .83) b *= .8;
  }
}
