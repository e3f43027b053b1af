#!/usr/bin/env python3
"""Writes Sources/MinimDrawing/Drawings/Typeface+Outlines.swift from a TrueType font: .scripts/typeface.py DejaVuSans.ttf

The outlines are quadratic curves, as in the font, on a grid of 1000 units per em. Standard library only.
"""
import struct
import sys
from pathlib import Path

LETTERS = (
    [chr(code) for code in range(33, 127)]
    + list("°±²³¹µ·×ÄÅÖÜßäåæéèöøüñç")
    + list("ΓΔΘΛΞΠΣΦΨΩαβγδεζηθικλμνξπρσςτυφχψω")
    + list("⁰⁴⁵⁶⁷⁸⁹⁺⁻ⁿ₀₁₂₃₄₅₆₇₈₉")
    + list("–—‖…‘’“”←↑→↓∂∇∈∏∑−√∞∫≈≠≤≥∝")
)


def tables(data):
    count = struct.unpack(">H", data[4:6])[0]
    entries = (struct.unpack(">4sIII", data[12 + 16 * i:28 + 16 * i]) for i in range(count))
    return {tag.decode(): data[start:start + length] for tag, _, start, length in entries}


def character_map(cmap):
    """Code points to glyphs, from a table of format 4."""
    count = struct.unpack(">H", cmap[2:4])[0]
    for i in range(count):
        start = struct.unpack(">HHI", cmap[4 + 8 * i:12 + 8 * i])[2]
        if struct.unpack(">H", cmap[start:start + 2])[0] == 4:
            break
    else:
        sys.exit("The font has no character map of format 4.")
    segments = struct.unpack(">H", cmap[start + 6:start + 8])[0] // 2
    array = lambda offset, kind: struct.unpack(f">{segments}{kind}", cmap[offset:offset + 2 * segments])
    ends, starts = array(start + 14, "H"), array(start + 16 + 2 * segments, "H")
    deltas, place = array(start + 16 + 4 * segments, "h"), start + 16 + 6 * segments
    offsets, glyphs = array(place, "H"), {}
    for i in range(segments):
        for code in range(starts[i], ends[i] + 1):
            if offsets[i] == 0:
                glyphs[code] = (code + deltas[i]) & 0xFFFF
            else:
                at = place + 2 * i + offsets[i] + 2 * (code - starts[i])
                glyph = struct.unpack(">H", cmap[at:at + 2])[0] if at + 2 <= len(cmap) else 0
                glyphs[code] = (glyph + deltas[i]) & 0xFFFF if glyph else 0
    return glyphs


class Font:
    def __init__(self, path):
        table = tables(Path(path).read_bytes())
        self.units = struct.unpack(">H", table["head"][18:20])[0]
        is_long = struct.unpack(">h", table["head"][50:52])[0]
        loca = table["loca"]
        self.places = [2 * v for v in struct.unpack(f">{len(loca) // 2}H", loca)]
        if is_long:
            self.places = list(struct.unpack(f">{len(loca) // 4}I", loca))
        self.glyf, self.map = table["glyf"], character_map(table["cmap"])
        metrics = struct.unpack(">H", table["hhea"][34:36])[0]
        hmtx = table["hmtx"]
        self.advances = [struct.unpack(">H", hmtx[4 * i:4 * i + 2])[0] for i in range(metrics)]

    def advance(self, glyph):
        return self.advances[min(glyph, len(self.advances) - 1)]

    def contours(self, glyph):
        """Lists of (x, y, isOnCurve)."""
        data = self.glyf[self.places[glyph]:self.places[glyph + 1]]
        if not data:
            return []
        count = struct.unpack(">h", data[:2])[0]
        return self.simple(data, count) if count >= 0 else self.composite(data)

    def simple(self, data, count):
        ends = struct.unpack(f">{count}H", data[10:10 + 2 * count])
        at = 10 + 2 * count
        at += 2 + struct.unpack(">H", data[at:at + 2])[0]
        flags, total = [], ends[-1] + 1
        while len(flags) < total:
            flag, at = data[at], at + 1
            repeat = 0
            if flag & 8:
                repeat, at = data[at], at + 1
            flags += [flag] * (1 + repeat)
        axes = []
        for short, same in ((2, 16), (4, 32)):
            value, values = 0, []
            for flag in flags:
                if flag & short:
                    value += data[at] if flag & same else -data[at]
                    at += 1
                elif not flag & same:
                    value += struct.unpack(">h", data[at:at + 2])[0]
                    at += 2
                values.append(value)
            axes.append(values)
        points = [(x, y, flag & 1) for x, y, flag in zip(axes[0], axes[1], flags)]
        return [points[first:end + 1] for first, end in zip([0] + [e + 1 for e in ends], ends)]

    def composite(self, data):
        at, result = 10, []
        while True:
            flags, glyph = struct.unpack(">HH", data[at:at + 4])
            at += 4
            kind, size = ("hh", 4) if flags & 1 else ("bb", 2)
            dx, dy = struct.unpack(">" + kind, data[at:at + size])
            at += size
            scale = [1, 0, 0, 1]
            numbers = 1 if flags & 8 else 2 if flags & 64 else 4 if flags & 128 else 0
            read = [v / 16384 for v in struct.unpack(f">{numbers}h", data[at:at + 2 * numbers])]
            at += 2 * numbers
            if numbers == 1:
                scale = [read[0], 0, 0, read[0]]
            elif numbers == 2:
                scale = [read[0], 0, 0, read[1]]
            elif numbers == 4:
                scale = read
            for contour in self.contours(glyph):
                result.append([
                    (scale[0] * x + scale[2] * y + dx, scale[1] * x + scale[3] * y + dy, on) for x, y, on in contour])
            if not flags & 32:
                return result


def path(contours, scale):
    """M x y, then L x y and Q cx cy x y."""
    number = lambda value: str(round(value * scale))
    text = ""
    for contour in contours:
        points = []
        for i, point in enumerate(contour):
            before = contour[i - 1]
            if not point[2] and not before[2]:
                points.append(((before[0] + point[0]) / 2, (before[1] + point[1]) / 2, 1))
            points.append(point)
        first = next(i for i, point in enumerate(points) if point[2])
        points = points[first:] + points[:first + 1]
        text += f"M{number(points[0][0])} {number(points[0][1])}"
        i = 1
        while i < len(points):
            if points[i][2]:
                text += f"L{number(points[i][0])} {number(points[i][1])}"
                i += 1
            else:
                control, end = points[i], points[i + 1]
                text += "Q" + " ".join(number(v) for v in (control[0], control[1], end[0], end[1]))
                i += 2
    return text


def main():
    font = Font(sys.argv[1])
    scale = 1000 / font.units
    lines = [f"  {' '} {round(font.advance(font.map[32]) * scale)} "]
    for letter in LETTERS:
        glyph = font.map.get(ord(letter), 0)
        if glyph == 0:
            sys.exit(f"The font has no {letter}.")
        lines.append(f"    {letter} {round(font.advance(glyph) * scale)} {path(font.contours(glyph), scale)}")
    space = round(font.advance(font.map[32]) * scale)
    body = "\n".join(lines[1:])
    out = Path(__file__).resolve().parent.parent / "Sources/MinimDrawing/Drawings/Typeface+Outlines.swift"
    out.write_text(f'''// The letters of DejaVu Sans 2.37 that figures need, written by .scripts/typeface.py. Its license is in NOTICE.

extension Typeface {{
  /// The advance of the space.
  static let space = {space}

  /// For each letter its advance and its outline, as in the data of an SVG path, y upward, in thousandths of an em.
  static let outlines = #"""
{body}
    """#
}}
''')


main()
