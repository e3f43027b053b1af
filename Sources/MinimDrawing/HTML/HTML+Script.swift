extension HTML {
  /// What a page can do: choose a picture by a slider, and sort a table by a column. Without it, everything is there and stands still.
  package static let script = """
    for (const figure of document.querySelectorAll(".slides")) {
      const slider = figure.querySelector("input"), images = [...figure.querySelectorAll("img")];
      slider.hidden = false;
      slider.oninput = () => {
        images.forEach((image, index) => { image.hidden = index != slider.value; });
        const words = images[slider.value].alt;
        figure.querySelector("figcaption").textContent = words;
        slider.setAttribute("aria-valuetext", words);
      };
    }
    for (const table of document.querySelectorAll("table.sorted")) {
      const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
      heads.forEach((head, column) => {
        const button = document.createElement("button");
        button.textContent = head.textContent;
        head.replaceChildren(button);
        button.onclick = () => {
          const isUp = head.getAttribute("aria-sort") != "ascending";
          heads.forEach(other => other.removeAttribute("aria-sort"));
          head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
          const text = row => row.cells[column].textContent;
          const order = new Intl.Collator("en", { numeric: true });
          const compare = (a, b) => {
            const x = parseFloat(text(a)), y = parseFloat(text(b));
            if (isNaN(x) || isNaN(y)) return isNaN(x) - isNaN(y) || order.compare(text(a), text(b));
            return x - y;
          };
          body.append(...[...body.rows].sort((a, b) => isUp ? compare(a, b) : compare(b, a)));
        };
      });
    }

    """

  /// The SHA-256 of the script, in base 64: a browser runs nothing else in a page, whatever words a run's files have.
  package static let scriptHash = "ahSUG2EVL6/F/LPUCvCkMrBGVAlSJflQ4AJW/CSoaLE="

  /// What the page allows itself: its own styles, its own script, and pictures that are a part of it.
  static let policy: Markup = """
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-\(scriptHash)'">
    """
}
