// Three notebooks on one another: 1, 2, 3 from below, 4 elastic and paper.
vec2 books(vec3 p) {
  vec2 d = vec2(1e3, 0.);
  vec3 a = p - vec3(0, .07, 0);
  d = u(d, vec2(rbox(a, vec3(.5, .07, .36), .018), 1.));
  vec3 b = p - vec3(.02, .2, .01);
  b.xz = rot(.16) * b.xz;
  d = u(d, vec2(rbox(b, vec3(.49, .06, .35), .018), 2.));
  vec3 c = p - vec3(-.01, .32, 0);
  c.xz = rot(-.1) * c.xz;
  d = u(d, vec2(rbox(c, vec3(.48, .06, .34), .018), 3.));
  d = u(d, vec2(rbox(c - vec3(.34, 0, 0), vec3(.014, .066, .346), .01), 4.));
  return d;
}

void books_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  float turned = id < 1.5 ? 0. : id < 2.5 ? .16 : -.1;
  float middle = id < 1.5 ? .07 : id < 2.5 ? .2 : .32;
  vec3 c = p, side = n;
  c.xz = rot(turned) * c.xz;
  side.xz = rot(turned) * side.xz;
  if (id < 3.5 && abs(n.y) < .4 && side.x > -.6 && abs(p.y - middle) < .04) {
    b = lin(C4) * (.88 + .12 * sin(p.y * 900.));
    r = .9;
  }
  if (n.y > .6 && id > 2.5 && id < 3.5 && abs(c.x + .1) < .14 && abs(c.z) < .012) b = lin(C4);
}
