// Three bowls, one in another: 1 outer, 2 middle, 3 inner.
float bowls_one(vec3 p, float s) {
  float o = length(p - vec3(0, s, 0)) - s;
  float i = length(p - vec3(0, s + .03, 0)) - s + .01;
  float d = smax(o, -i, .02);
  d = smax(d, p.y - s * .72, .02);
  d = smax(d, .04 - p.y, .02);
  return d;
}
vec2 bowls(vec3 p) {
  p.y += .04;
  vec2 d = vec2(bowls_one(p, .62), 1.);
  d = u(d, vec2(bowls_one(p - vec3(.0, .15, .0), .55), 2.));
  d = u(d, vec2(bowls_one(p - vec3(0, .29, 0), .48), 3.));
  return vec2(d.x * .9, d.y);
}

void bowls_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  float s = ns(p.xz * 30. + p.y * 9.);
  b *= .95 + .07 * s;
  if (s > .86) b *= .86;
}
