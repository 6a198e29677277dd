// An armchair: 1 upholstery, 2 legs.
vec2 chair(vec3 p) {
  vec3 s = p - vec3(0, .55, .02);
  float a = rbox(s, vec3(.56, .13, .52), .11);
  vec3 b = p - vec3(0, .98, -.5);
  b.yz = rot(-.2) * b.yz;
  float c = rbox(b, vec3(.56, .46, .11), .11);
  float d = smin(a, c, .05);
  vec3 e = p;
  e.x = abs(e.x);
  float ar = rbox(e - vec3(.62, .62, -.03), vec3(.09, .26, .52), .085);
  d = smin(d, ar, .03);
  vec2 o = vec2(d * .92, 1.);
  vec3 l = p;
  l.xz = abs(l.xz);
  o = u(o, vec2(cap(l, vec3(.5, .4, .4), vec3(.58, .03, .5), .032), 2.));
  return o;
}

void chair_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  if (id < 1.5) {
    b *= .9 + .2 * ns(p.xy * 90.) * ns(p.zy * 90.);
    float fr = pow(1. - abs(n.z), 2.);
    b *= 1. + .08 * fr;
  }
}
