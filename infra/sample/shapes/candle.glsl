// A candle in a vessel: 1 vessel, 2 wax, 3 label, 4 wick and lines.
vec2 candle(vec3 p) {
  float o = cyl(p - vec3(0, .42, 0), .37, .42, .04);
  float i = cyl(p - vec3(0, .78, 0), .335, .2, .02);
  vec2 d = vec2(smax(o, -i, .02), 1.);
  d = u(d, vec2(cyl(p - vec3(0, .35, 0), .33, .3, .02), 2.));
  d = u(d, vec2(cap(p, vec3(0, .6, 0), vec3(.01, .76, 0), .012), 4.));
  return d;
}

void candle_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  if (id < 1.5) {
    float a = atan(p.x, p.z);
    if (abs(a - .1) < .62 && p.y > .2 && p.y < .56) {
      b = lin(C3);
      r = .85;
      if (abs(a - .1) < .3 && p.y > .42 && p.y < .44) b = lin(C4);
      if (abs(a - .1) < .2 && p.y > .37 && p.y < .38) b = lin(C4);
    }
  }
}
