"""Figures that move: one SVG with all its frames, and controls to walk through them.

A gallery script says with an artist's ``gid`` when it is seen: ``at-3`` in frame 3 alone,
``from-3`` from frame 3 on. What has no such name is always seen. Nothing moves by itself: the page
opens on the last frame, which is also what is seen without a script, on paper and in the gallery's
index.
"""

import re

# How matplotlib writes an artist with a gid.
NAMED = re.compile(r'<g id="(at|from)-(\d+)"')


def staged(svg: str) -> str:
    """Return the SVG with its frames as attributes, and hidden what the last one does not show."""
    last = last_frame(svg)

    def attributes(match: re.Match[str]) -> str:
        seen, frame = match[1], int(match[2])
        hidden = ' visibility="hidden"' if seen == "at" and frame < last else ""
        return f'<g data-{seen}="{frame}"{hidden}'

    return NAMED.sub(attributes, svg)


def last_frame(svg: str) -> int:
    """Return the number of the last frame, 0 for a figure that does not move."""
    frames = re.findall(r'<g (?:id="(?:at|from)-|data-(?:at|from)=")(\d+)"', svg)
    return max(map(int, frames), default=0)


def with_controls(svg: str) -> str:
    """Return the SVG with its controls below it; ``motion.js`` shows them and makes them work."""
    last = last_frame(svg)
    if not last:
        return svg
    return (
        f'<div class="motion">{svg}<div class="motion-controls" hidden>'
        '<button type="button">Play</button>'
        f'<input type="range" min="0" max="{last}" value="{last}" aria-label="Frame">'
        f"<output>frame {last} of {last}</output></div></div>"
    )
