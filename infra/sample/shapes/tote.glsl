// A bag with two handles: 1 canvas, 2 handles, 3 patch.
vec2 tote(vec3 p) {
  vec3 q = p - vec3(0, .5, 0);
  float k = 1. + .14 * (q.y);
  float b = rbox(vec3(q.x / k, q.y, q.z / (1. - .35 * q.y)), vec3(.56, .5, .2), .06) * .8;
  vec2 d = vec2(b, 1.);
  vec3 h = p;
  h.z = abs(h.z) - .12;
  vec3 t = (h - vec3(0, .98, 0)).xzy;
  float r = length(vec2(length(t.xz * vec2(1., .8)) - .27, t.y)) - .024;
  r = max(r, -(p.y - .92));
  d = u(d, vec2(r * .85, 2.));
  return d;
}

void tote_paint(vec3 p, vec3 n, float id, inout vec3 b, inout float r) {
  float s = ns(p.xy * 100.) * .6 + ns(p.yx * vec2(30., 160.)) * .4;
  if (id < 1.5) {
    b *= .88 + .16 * s;
    if (n.z > .5) {
      if (length(p.xy - vec2(.28, .3)) < .07) b = lin(C3);
      if (p.y > .9) b *= .93;
    }
  }
}
