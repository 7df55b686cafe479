// Light or dark as Airflow shows itself: its choice stands in the parent's <html> where the page is embedded, and in
// localStorage where it is not. A classic script, before anything is painted.
(() => {
  const akar = document.documentElement;
  const gelapSistem = matchMedia("(prefers-color-scheme: dark)");

  function induk() {
    try {
      return window.parent !== window ? window.parent.document.documentElement : null;
    } catch {
      return null; // another origin: it says nothing
    }
  }

  function dariInduk() {
    const html = induk();
    if (html === null) return null;
    const kata = [...html.classList, html.dataset.theme, html.style.colorScheme];
    return kata.includes("dark") ? "gelap" : kata.includes("light") ? "terang" : null;
  }

  function dariSimpanan() {
    let tema = null;
    try {
      tema = localStorage.getItem("theme");
    } catch {
      // storage is refused: the system decides
    }
    return { dark: "gelap", light: "terang" }[tema] ?? null;
  }

  function pasang() {
    akar.dataset.tema = dariInduk() ?? dariSimpanan() ?? (gelapSistem.matches ? "gelap" : "terang");
  }

  pasang();
  gelapSistem.addEventListener("change", pasang);
  addEventListener("storage", pasang);
  const html = induk();
  if (html !== null) {
    new MutationObserver(pasang).observe(html, { attributeFilter: ["class", "data-theme", "style"] });
  }
})();
