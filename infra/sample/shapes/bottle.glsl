// A pump bottle: 1 body, 2 pump; painted label 3 with lines 4.
vec2 bottle(vec3 p) {
  vec3 q = p;
  q.y -= .5;
  vec2 d = vec2(cyl(q, .34, .5, .09), 1.);
  d = u(d, vec2(cyl(p - vec3(0, 1.05, 0), .13, .09, .02), 2.));
  d = u(d, vec2(cyl(p - vec3(0, 1.17, 0), .155, .06, .02), 2.));
  d = u(d, vec2(cap(p, vec3(0, 1.2, 0), vec3(0, 1.36, 0), .035), 2.));
  vec3 h = p - vec3(.1, 1.39, .0);
  d = u(d, vec2(rbox(h, vec3(.2, .042, .075), .035), 2.));
  return d;
}

void bottle_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  if (id < 1.5 && p.y > .27 && p.y < .73) {
    float a = atan(p.x, p.z);
    if (abs(a) < 1.05) {
      b = lin(C3);
      r = .75;
      if (p.y > .55 && p.y < .575 && abs(a) < .42) b = lin(C4);
      if (p.y > .5 && p.y < .515 && abs(a) < .3) b = lin(C4);
      if (p.y > .34 && p.y < .35 && abs(a) < .6) b = lin(C4);
    }
  }
}
