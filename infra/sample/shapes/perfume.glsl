// A flacon: 1 glass, 2 collar, 3 cap and print, 4 label.
vec2 perfume(vec3 p) {
  vec2 d = vec2(rbox(p - vec3(0, .38, 0), vec3(.37, .38, .2), .07), 1.);
  d = u(d, vec2(cyl(p - vec3(0, .79, 0), .1, .05, .01), 2.));
  d = u(d, vec2(rbox(p - vec3(0, .98, 0), vec3(.15, .15, .12), .025), 3.));
  return d;
}

void perfume_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  if (id < 1.5) {
    float e = smoothstep(.2, .37, abs(p.x));
    float y = smoothstep(.1, .0, p.y) + smoothstep(.66, .76, p.y);
    b = mix(b * 1.25, b * .62, clamp(e * .8 + y * .8, 0., 1.));
    if (n.z > .7 && abs(p.x) < .2 && abs(p.y - .36) < .13) {
      b = lin(C4);
      r = .8;
      if (abs(p.x) < .11 && abs(p.y - .385) < .011) b = lin(C3);
      if (abs(p.x) < .06 && abs(p.y - .34) < .007) b = lin(C3);
    }
  }
}
