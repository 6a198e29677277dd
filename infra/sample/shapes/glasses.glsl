// Sunglasses: 1 frame, 2 lenses, 3 spots of the frame.
vec2 glasses(vec3 p) {
  vec3 q = p - vec3(0, .33, .25);
  vec3 e = q;
  e.x = abs(e.x) - .38;
  vec3 k = e.xzy;
  float rr = length(k.xz * vec2(.92, 1.08));
  float fr = length(vec2(rr - .29, k.y)) - .036;
  vec2 d = vec2(fr * .85, 1.);
  float ln = max(rr - .28, abs(k.y) - .008);
  d = u(d, vec2(ln * .8, 2.));
  vec3 b = q - vec3(0, .05, 0);
  vec3 bb = b.xzy;
  float br = length(vec2(length(bb.xz) - .09, bb.y)) - .026;
  br = max(br, -b.y);
  d = u(d, vec2(br, 1.));
  vec3 s = q;
  s.x = abs(s.x);
  d = u(d, vec2(cap(s, vec3(.69, .07, 0), vec3(.72, .07, -.75), .026), 1.));
  d = u(d, vec2(cap(s, vec3(.72, .07, -.75), vec3(.71, -.29, -1.02), .026), 1.));
  return d;
}

void glasses_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  if (id < 1.5) {
    float s = ns(p.xy * 9. + p.z * 7.);
    b = mix(b, lin(C3), smoothstep(.5, .7, s));
  }
  if (id > 1.5 && id < 2.5) {
    b *= mix(.55, 1.5, smoothstep(.62, .05, p.y));
  }
}
