// A flask with a loop: 1 body, 2 lid, 3 mark, 4 steel.
vec2 flask(vec3 p) {
  float b = cyl(p - vec3(0, .58, 0), .27, .58, .1);
  vec2 d = vec2(b, 1.);
  d = u(d, vec2(cyl(p - vec3(0, 1.18, 0), .2, .05, .01), 4.));
  d = u(d, vec2(cyl(p - vec3(0, 1.34, 0), .225, .13, .03), 2.));
  vec3 h = (p - vec3(0, 1.46, 0)).xzy;
  float t = length(vec2(length(h.xz) - .13, h.y)) - .03;
  t = max(t, -(p.y - 1.44));
  d = u(d, vec2(t, 2.));
  d = u(d, vec2(cyl(p - vec3(0, .03, 0), .268, .03, .01), 4.));
  return d;
}

void flask_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  if (id < 1.5) {
    float a = atan(p.x, p.z) - .15;
    if (abs(a) < .07 && p.y > .42 && p.y < .8) b = lin(C3);
    b *= .97 + .05 * ns(p.xy * 200.);
  }
}
