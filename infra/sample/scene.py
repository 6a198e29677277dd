"""Puts one picture together as a fragment shader: the studio, the shapes it needs, their places, the light."""

from infra.sample.catalogue import HERE, Picture, Prop, Vector

MATERIALS = 4
GRAIN = 0.012
Values = dict[str, float | list[float]]


def shader(picture: Picture) -> str:
    """The whole GLSL text. Material numbers are 4 a prop, in the order of the props; 0 is the floor."""
    shapes = sorted({prop.shape for prop in picture.props})
    top = max(prop.at[1] + 2.4 * prop.size for prop in picture.props)
    return "\n".join(
        [
            _text("studio.glsl"),
            *(_text(f"shapes/{name}.glsl") for name in shapes),
            *(_placed(number, prop) for number, prop in enumerate(picture.props)),
            _scene(len(picture.props)),
            _material(picture.props),
            f"const float TOP = {_number(top)};",
            _text("light.glsl"),
        ]
    )


def values(picture: Picture, width_px: int, height_px: int) -> Values:
    """The uniforms of the shader for a canvas of this size. PNG and GIF get no grain: it would not compress."""
    camera = picture.camera
    edge, middle = picture.backdrop
    return {
        "size_px": [width_px, height_px],
        "look_at": list(camera.look_at),
        "turn": camera.turn,
        "rise": camera.rise,
        "distance_to": camera.distance,
        "zoom": camera.zoom,
        "light_from": camera.light,
        "floor_at": camera.floor,
        "backdrop_edge": list(_rgb(edge)),
        "backdrop_middle": list(_rgb(middle)),
        "cut_out": float(picture.is_cut_out),
        "grain": 0.0 if picture.format in {"png", "gif", "tiff"} else GRAIN,
    }


def _text(name: str) -> str:
    return (HERE / name).read_text()


def _placed(number: int, prop: Prop) -> str:
    """`local_N` brings a point into the prop's own space, `prop_N` is its distance there, scaled back."""
    first = float(number * MATERIALS)
    return f"""
vec3 local_{number}(vec3 p) {{
  p -= {_vector(prop.at)};
  p.xz = rot({_number(prop.turn)}) * p.xz;
  return p / {_number(prop.size)};
}}
vec2 prop_{number}(vec3 p) {{
  vec2 d = {prop.shape}(local_{number}(p));
  return vec2(d.x * {_number(prop.size)}, d.y + {_number(first)});
}}"""


def _scene(count: int) -> str:
    unions = "".join(f"  d = u(d, prop_{number}(p));\n" for number in range(1, count))
    return f"vec2 scene(vec3 p) {{\n  vec2 d = prop_0(p);\n{unions}  return d;\n}}"


def _material(props: tuple[Prop, ...]) -> str:
    """Colour, roughness and metal of a point, after the shape's own painting."""
    cases = "".join(_case(number, prop) for number, prop in enumerate(props))
    signature = "void material(vec3 p, vec3 n, float hit, out vec3 b, out float r, out float m)"
    return f"{signature} {{\n  b = vec3(1.); r = .5; m = 0.;\n{cases}}}"


def _case(number: int, prop: Prop) -> str:
    first = float(number * MATERIALS)
    colours = "".join(f"    C{n} = {_vector(_rgb(colour))};\n" for n, colour in enumerate(prop.colours, 1))
    rough, metal = (f"vec4({', '.join(_number(one) for one in four)})" for four in (prop.rough, prop.metal))
    return f"""  if (hit > {_number(first + 0.5)} && hit < {_number(first + MATERIALS + 0.5)}) {{
{colours}    float id = hit - {_number(first)};
    vec4 chosen = id < 1.5 ? vec4(1, 0, 0, 0) : id < 2.5 ? vec4(0, 1, 0, 0)
      : id < 3.5 ? vec4(0, 0, 1, 0) : vec4(0, 0, 0, 1);
    b = lin(C1 * chosen.x + C2 * chosen.y + C3 * chosen.z + C4 * chosen.w);
    r = dot({rough}, chosen);
    m = dot({metal}, chosen);
    n.xz = rot({_number(prop.turn)}) * n.xz;
    {prop.shape}_paint(local_{number}(p), n, id, b, r);
  }}
"""


def _rgb(colour: str) -> Vector:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def _vector(three: Vector) -> str:
    return f"vec3({', '.join(_number(one) for one in three)})"


def _number(value: float) -> str:
    return f"{value:.5f}"
