// A round stool: 1 seat, 2 legs, 3 ring.
vec2 stool(vec3 p) {
  vec2 d = vec2(cyl(p - vec3(0, 1.14, 0), .5, .06, .045), 1.);
  vec3 q = p;
  for (int i = 0; i < 4; i++) {
    float a = .785 + 1.5708 * float(i);
    vec3 t = vec3(cos(a) * .34, 1.1, sin(a) * .34), g = vec3(cos(a) * .5, .03, sin(a) * .5);
    d = u(d, vec2(cap(p, t, g, .042), 2.));
  }
  d = u(d, vec2(tor(p - vec3(0, .42, 0), .435, .022), 3.));
  return d;
}

void stool_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  if (id < 1.5) {
    float s = ns(vec2(p.x * 5. + ns(p.xz * 6.) * .8, p.z * 42.));
    b *= .86 + .22 * s;
  } else if (id < 2.5) {
    float s = ns(vec2(p.y * 6., atan(p.x, p.z) * 30.));
    b *= .9 + .14 * s;
  }
}
