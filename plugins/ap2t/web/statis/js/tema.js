// Light or dark as Airflow shows itself: its choice stands in the parent's <html> where the page is embedded, and in
// localStorage where it is not. A classic script, before anything is painted.
(() => {
  const akar = document.documentElement;
  const gelapSistem = matchMedia("(prefers-color-scheme: dark)");

  let induk = null;
  try {
    if (window.parent !== window) induk = window.parent.document.documentElement;
  } catch {
    // another origin: it says nothing
  }

  function dariInduk() {
    const kata = induk ? [...induk.classList, induk.dataset.theme, induk.style.colorScheme] : [];
    return kata.includes("dark") ? "gelap" : kata.includes("light") ? "terang" : null;
  }

  function dariSimpanan() {
    try {
      return { dark: "gelap", light: "terang" }[localStorage.getItem("theme")] ?? null;
    } catch {
      return null; // storage is refused: the system decides
    }
  }

  function pasang() {
    akar.dataset.tema = dariInduk() ?? dariSimpanan() ?? (gelapSistem.matches ? "gelap" : "terang");
  }

  pasang();
  gelapSistem.addEventListener("change", pasang);
  addEventListener("storage", pasang);
  if (induk) new MutationObserver(pasang).observe(induk, { attributeFilter: ["class", "data-theme", "style"] });
})();
