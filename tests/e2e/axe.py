"""axe-core: the script a page is given, and what is asked of it."""

from cordeau.web.templating import STATIC

AXE = (STATIC / "vendor" / "test" / "axe.min.js").read_text("utf-8")
LIRE = """async (regles) => {
  const options = regles ? { runOnly: { type: "rule", values: regles } } : {};
  const bref = { resultTypes: ["violations"], iframes: false, preload: false };
  const { violations } = await axe.run(document, { ...bref, ...options });
  return violations.map(({ id, nodes }) => `${id} : ${nodes.map((n) => n.html.slice(0, 160) +
    ' — ' + (n.any[0]?.message ?? n.failureSummary ?? '')).slice(0, 4).join(' ; ')}`);
}"""
