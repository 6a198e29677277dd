// A low jar with a lid: 1 body, 2 lid; painted label 3 with lines 4.
vec2 jar(vec3 p) {
  vec2 d = vec2(cyl(p - vec3(0, .24, 0), .46, .24, .07), 1.);
  d = u(d, vec2(cyl(p - vec3(0, .585, 0), .475, .105, .03), 2.));
  return d;
}

void jar_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  if (id < 1.5 && p.y > .12 && p.y < .37) {
    float a = atan(p.x - .1, p.z);
    if (abs(a) < .8) {
      b = lin(C3);
      r = .8;
      if (p.y > .27 && p.y < .29 && abs(a) < .35) b = lin(C4);
      if (p.y > .22 && p.y < .23 && abs(a) < .25) b = lin(C4);
    }
  }
}
