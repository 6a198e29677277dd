// What every picture begins with: the camera and the solids that shapes are made of.
// A solid gives the distance to its surface, a shape gives (distance, number of the material).
precision highp float;
uniform vec2 size_px;
uniform vec3 look_at, backdrop_edge, backdrop_middle;
uniform float turn, rise, distance_to, zoom, light_from, floor_at, cut_out, grain, look;
uniform sampler2D first_look;
vec3 C1, C2, C3, C4;

mat2 rot(float a) { float c = cos(a), s = sin(a); return mat2(c, -s, s, c); }
float rbox(vec3 p, vec3 b, float r) {
  vec3 q = abs(p) - b + r;
  return length(max(q, 0.)) + min(max(q.x, max(q.y, q.z)), 0.) - r;
}
float cyl(vec3 p, float r, float h, float rounding) {
  vec2 d = vec2(length(p.xz) - r + rounding, abs(p.y) - h + rounding);
  return min(max(d.x, d.y), 0.) + length(max(d, 0.)) - rounding;
}
float tor(vec3 p, float a, float b) { return length(vec2(length(p.xz) - a, p.y)) - b; }
float cap(vec3 p, vec3 a, vec3 b, float r) {
  vec3 pa = p - a, ba = b - a;
  return length(pa - ba * clamp(dot(pa, ba) / dot(ba, ba), 0., 1.)) - r;
}
float ell(vec3 p, vec3 r) { float k0 = length(p / r), k1 = length(p / (r * r)); return k0 * (k0 - 1.) / k1; }
float smin(float a, float b, float k) { float h = max(k - abs(a - b), 0.) / k; return min(a, b) - h * h * k * .25; }
float smax(float a, float b, float k) { return -smin(-a, -b, k); }
float h21(vec2 p) { p = fract(p * vec2(123.34, 456.21)); p += dot(p, p + 45.32); return fract(p.x * p.y); }
float ns(vec2 p) {
  vec2 i = floor(p), f = fract(p);
  f = f * f * (3. - 2. * f);
  return mix(mix(h21(i), h21(i + vec2(1, 0)), f.x), mix(h21(i + vec2(0, 1)), h21(i + 1.), f.x), f.y);
}
vec2 u(vec2 a, vec2 b) { return a.x < b.x ? a : b; }
vec3 lin(vec3 c) { return pow(c, vec3(2.2)); }
