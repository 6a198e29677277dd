// A carton: 1 board, 2 label, 3 print.
vec2 box(vec3 p) {
  vec2 d = vec2(rbox(p - vec3(0, .55, 0), vec3(.4, .55, .26), .012), 1.);
  return d;
}

void box_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  if (n.z > .6) {
    if (p.y > .3 && p.y < .84 && abs(p.x) < .26) {
      b = lin(C2);
    }
    if (length(p.xy - vec2(0, .62)) < .11) b = lin(C3);
    if (abs(p.x) < .14 && abs(p.y - .43) < .012) b = lin(C3);
    if (abs(p.x) < .09 && abs(p.y - .385) < .008) b = lin(C3);
  }
  if (n.y > .6 && abs(p.z) < .006) b *= .8;
}
