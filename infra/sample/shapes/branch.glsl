// Three twigs with leaves, their foot at y = 0: 1 wood, 2 leaves.
vec2 branch_twig(vec3 p, float turn, float lean) {
  p.xz = rot(turn) * p.xz;
  p.xy = rot(-lean) * p.xy;
  vec2 d = vec2(cap(p, vec3(0), vec3(0, 1.5, 0), .014), 1.);
  for (int i = 0; i < 6; i++) {
    float at = .8 + .14 * float(i);
    float side = mod(float(i), 2.) < .5 ? 1. : -1.;
    vec3 q = p - vec3(0, at, 0);
    q.xz = rot(.5 * float(i)) * q.xz;
    q.xy = rot(-side * .8) * q.xy;
    q.y -= .17;
    d = u(d, vec2(ell(q, vec3(.062, .17, .016)) * .7, 2.));
  }
  return d;
}
vec2 branch(vec3 p) {
  vec2 d = branch_twig(p, .2, .16);
  d = u(d, branch_twig(p, 2.4, .24));
  return u(d, branch_twig(p, 4.4, .1));
}

void branch_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  b *= .82 + .3 * ns(p.xy * 9. + p.z * 7.);
}
