// What every picture ends with: marching the rays, two lamps, a softbox to mirror, the backdrop, the film.
// Before it stand `vec2 scene(vec3)` and `void material(vec3, vec3, float, out vec3, out float, out float)`.
vec2 all(vec3 p) { return u(scene(p), vec2(p.y - floor_at, 0.)); }
vec3 normal(vec3 p) {
  vec2 e = vec2(.0007, 0);
  return normalize(vec3(all(p + e.xyy).x - all(p - e.xyy).x, all(p + e.yxy).x - all(p - e.yxy).x,
                        all(p + e.yyx).x - all(p - e.yyx).x));
}
float shadow(vec3 o, vec3 d, float k) {
  float r = 1., t = .02;
  for (int i = 0; i < 56; i++) {
    vec3 p = o + d * t;
    if (r < .0 || t > 6. || p.y > TOP) break;
    float h = scene(p).x;
    r = min(r, .5 + .5 * h * k / t);
    t += clamp(h * .7, .012, .25);
  }
  r = max(r, 0.);
  return r * r * (3. - 2. * r);
}
float openness(vec3 p, vec3 n) {
  float s = 0., w = 1.;
  for (int i = 1; i < 7; i++) {
    float h = .045 * float(i) * float(i) * .55;
    s += w * max(0., h - scene(p + n * h).x);
    w *= .62;
  }
  return clamp(1. - 1.5 * s, 0., 1.);
}
float panel(vec2 q, vec2 c, vec2 s, float e) { vec2 d = abs(q - c) - s; return smoothstep(e, -e, max(d.x, d.y)); }
float room(vec3 d, float rough) {
  float e = mix(.03, .75, rough), around = atan(d.x, d.z), up = asin(clamp(d.y, -1., 1.));
  float l = mix(.34, .72, smoothstep(-.6, .9, d.y));
  l += 1.5 * panel(vec2(around, up), vec2(-1.25 * light_from, .62), vec2(.34, .42), e);
  l += .85 * panel(vec2(around, up), vec2(1.5 * light_from, .35), vec2(.12, .7), e);
  return l + .8 * smoothstep(.78 - e * .4, .97, d.y);
}
vec3 ground(vec3 p, vec3 key, vec3 fill, vec3 backdrop) {
  float far = smoothstep(4.5, 1.2, length(p.xz - look_at.xz));
  if (far <= 0.) return backdrop;
  vec3 o = p + vec3(0, .002, 0);
  float lit = .46 + .40 * shadow(o, key, 2.6) + .14 * shadow(o, fill, 1.6);
  float l = mix(1., lit * mix(.42, 1., openness(p, vec3(0, 1, 0))), far);
  return backdrop * vec3(l, l * 1.003, l * 1.01);
}
vec3 surface(vec3 p, vec3 ray, float hit, vec3 key, vec3 fill, vec3 backdrop) {
  vec3 n = normal(p), b;
  float r, m;
  material(p, n, hit, b, r, m);
  float s = shadow(p + n * .004, key, 3.4), open = openness(p, n);
  float by_key = max(0., dot(n, key) * .86 + .14) * s, by_fill = max(0., dot(n, fill));
  vec3 around = mix(backdrop * .62, vec3(.78), n.y * .5 + .5) * mix(.42, 1., open);
  vec3 matt = b * (1.16 * by_key * vec3(1., .985, .96) + .26 * by_fill * vec3(.95, .98, 1.) + .44 * around);
  vec3 mirror = reflect(ray, n);
  float fresnel = mix(.045, .9, m);
  fresnel += (1. - fresnel) * pow(1. - max(0., dot(-ray, n)), 5.) * (1. - r * .85);
  vec3 seen = vec3(room(mirror, r));
  if (mirror.y < 0.) seen = mix(seen, backdrop * .85, smoothstep(0., -.3, mirror.y));
  float unshaded = mix(.35, 1., open) * mix(.55, 1., s);
  return matt * (1. - m * .85) + seen * fresnel * unshaded * mix(vec3(1.), b * 1.15, m) * mix(1., .42, r);
}
vec4 seen(vec2 pixel) {
  vec2 at = (pixel * 2. - size_px) / min(size_px.x, size_px.y), share = pixel / size_px;
  vec3 eye = look_at + distance_to * vec3(sin(turn) * cos(rise), sin(rise), cos(turn) * cos(rise));
  vec3 ahead = normalize(look_at - eye), right = normalize(cross(ahead, vec3(0, 1, 0))), up = cross(right, ahead);
  vec3 ray = normalize(ahead * zoom + right * at.x + up * at.y);
  float glow = smoothstep(1.25, .1, length((share - vec2(.5 - .08 * light_from, .46)) * vec2(1.05, 1.)));
  vec3 backdrop = mix(lin(backdrop_edge), lin(backdrop_middle), glow), color = backdrop;
  vec3 key = normalize(vec3(-.62 * light_from, .95, .55)), fill = normalize(vec3(.8 * light_from, .5, .25));
  float t = distance_to * .25, hit = -1.;
  for (int i = 0; i < 190; i++) {
    vec2 h = all(eye + ray * t);
    if (h.x < .0006) { hit = h.y; break; }
    t += h.x * .72;
    if (t > distance_to * 4.) break;
  }
  vec3 p = eye + ray * t;
  if (hit > .5) color = surface(p, ray, hit, key, fill, backdrop);
  else if (hit > -.5) color = ground(p, key, fill, backdrop);
  color /= 1. + max(color - .82, 0.) * .55;
  return vec4(pow(max(color, 0.), vec3(1. / 2.2)), cut_out > .5 && hit < .5 ? 0. : 1.);
}
bool is_edge(vec2 pixel) {
  vec4 low = vec4(1.), high = vec4(0.);
  for (int y = -1; y < 2; y++) {
    for (int x = -1; x < 2; x++) {
      vec4 near = texture2D(first_look, (pixel + vec2(x, y)) / size_px);
      low = min(low, near);
      high = max(high, near);
    }
  }
  vec4 span = high - low;
  return max(max(span.r, span.g), max(span.b, span.a)) > .035;
}
void main() {
  vec2 pixel = gl_FragCoord.xy;
  if (look < .5) { gl_FragColor = seen(pixel); return; }
  // The second look: where neighbours differ, the mean of nine samples; elsewhere the first look stands.
  vec4 color = texture2D(first_look, pixel / size_px);
  if (is_edge(pixel)) {
    color = vec4(0.);
    for (int i = 0; i < 9; i++) {
      float row = floor(float(i) / 3.);
      vec4 one = seen(pixel + (vec2(float(i) - row * 3., row) - 1.) / 3.);
      color += vec4(one.rgb * one.a, one.a);
    }
    color = vec4(color.rgb / max(color.a, 1e-4), color.a / 9.);
  }
  gl_FragColor = vec4(color.rgb + (h21(pixel) - .5) * grain, color.a);
}
