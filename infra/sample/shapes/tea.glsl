// What is in a mug that stands at the same place: 1 tea.
vec2 tea(vec3 p) {
  return vec2(cyl(p - vec3(0, .62, 0), .35, .02, .01), 1.);
}

void tea_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {}
