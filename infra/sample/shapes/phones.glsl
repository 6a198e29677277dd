// Headphones standing on their cups: 1 band and caps, 3 cushions, 4 metal.
vec2 phones(vec3 p) {
  vec3 q = p - vec3(0, .68, 0);
  vec3 b = q.xzy;
  float r = length(b.xz * vec2(1., .94));
  float t = max(abs(r - .58) - .028, abs(b.y) - .085) - .02;
  t = max(t, -q.y + .02);
  vec2 d = vec2(t * .9, 1.);
  vec3 e = q;
  e.x = abs(e.x);
  d = u(d, vec2(cap(e, vec3(.6, .08, 0), vec3(.6, -.2, 0), .03), 4.));
  vec3 c = e - vec3(.57, -.38, 0);
  c = vec3(c.y, c.x, c.z);
  d = u(d, vec2(cyl(c - vec3(0, .06, 0), .3, .1, .075), 1.));
  d = u(d, vec2(cyl(c - vec3(0, -.08, 0), .29, .075, .07), 3.));
  d = u(d, vec2(cyl(c - vec3(0, .165, 0), .19, .012, .01), 4.));
  return d;
}

void phones_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {}
