"""Links that Sphinx resolves when all pages are read, so that a dead one stops the build."""

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective


def link(
    directive: SphinxDirective,
    kind: str,
    target: str,
    content: nodes.Node | None = None,
) -> addnodes.pending_xref:
    """Return a link of a kind such as ``std:doc`` or ``py:func``; without content, to its title."""
    domain, role = kind.split(":")
    node: addnodes.pending_xref = addnodes.pending_xref(
        "", refdomain=domain, reftype=role, reftarget=target
    )
    node["refdoc"] = directive.env.docname
    node["refexplicit"] = content is not None
    node += content if content is not None else nodes.inline()
    directive.set_source_info(node)
    return node
