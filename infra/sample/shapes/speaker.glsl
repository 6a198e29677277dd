// A round speaker: 1 cloth, 2 foot and top, 3 badge, 4 light ring.
vec2 speaker(vec3 p) {
  vec2 d = vec2(cyl(p - vec3(0, .52, 0), .44, .5, .16) - .0, 1.);
  d = u(d, vec2(cyl(p - vec3(0, .035, 0), .36, .035, .01), 2.));
  d = u(d, vec2(cyl(p - vec3(0, 1.0, 0), .29, .035, .02), 2.));
  d = u(d, vec2(tor(p - vec3(0, 1.03, 0), .17, .012), 4.));
  return d;
}

void speaker_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  if (id < 1.5) {
    float a = atan(p.x, p.z);
    vec2 g = vec2(a * 34., p.y * 66.);
    g.x += .5 * mod(floor(g.y), 2.);
    vec2 f = fract(g) - .5;
    b *= .74 + .5 * smoothstep(.5, .05, length(f));
    float w = ns(vec2(a * 9., p.y * 9.));
    b *= .95 + .08 * w;
    if (abs(a - .0) < .07 && abs(p.y - .22) < .02) {
      b = lin(C3);
    }
  }
}
