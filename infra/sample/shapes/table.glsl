// A table top, its upper side at y = 0: 1 wood.
vec2 table(vec3 p) {
  return vec2(rbox(p - vec3(0, -.07, 0), vec3(2.6, .07, 1.05), .03), 1.);
}

void table_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  float board = floor((p.z + 5.) / .42);
  vec2 grain = vec2(p.x * 1.6 + board * 7.3, p.z * 26. + ns(p.xz * vec2(1.1, 3.)) * 3.);
  b *= .84 + .2 * ns(grain) + .06 * h21(vec2(board, 3.));
  float seam = abs(fract((p.z + 5.) / .42) - .5);
  b *= 1. - .35 * smoothstep(.488, .499, seam);
}
