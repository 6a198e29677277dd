// A turned vase, open at the top: 1 clay.
float vase_outline(float y) {
  return .20 + .27 * exp(-pow((y - .52) / .36, 2.)) - .07 * exp(-pow((y - 1.16) / .2, 2.)) + .03 * smoothstep(1.2, 1.5, y);
}
vec2 vase(vec3 p) {
  float r = length(p.xz);
  float o = (r - vase_outline(p.y)) * .75;
  float d = smax(o, abs(p.y - .74) - .74, .05);
  float i = (r - vase_outline(p.y) + .035) * .75;
  d = smax(d, -max(i, .06 - p.y), .025);
  return vec2(d, 1.);
}

void vase_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  float s = ns(vec2(atan(p.x, p.z) * 3., p.y * 46.));
  b *= .93 + .1 * s;
}
