// A hanging lamp: 1 shade, 2 inside and bulb, 3 cable, 4 fitting.
vec2 pendant(vec3 p) {
  vec3 q = p - vec3(0, .62, 0);
  float o = length(q / vec3(1., .88, 1.)) - .62;
  float i = length(q / vec3(1., .88, 1.)) - .6;
  float s = max(max(o, -i), -q.y) * .8;
  vec2 d = vec2(s, q.y > 0. && length(q / vec3(1., .88, 1.)) < .611 ? 2. : 1.);
  d = u(d, vec2(length(p - vec3(0, .74, 0)) - .15, 2.));
  d = u(d, vec2(cyl(p - vec3(0, 1.21, 0), .075, .09, .02), 4.));
  d = u(d, vec2(cyl(p - vec3(0, 2.3, 0), .011, 1.1, .0), 3.));
  return d;
}

void pendant_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {}
