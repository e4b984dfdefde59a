// What cannot wait for the page's code. A file of its own, because the page allows no inline script.

// The theme, before the first paint, and again when the system's changes.
(function () {
  var system = matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    var choice = null;
    try {
      choice = localStorage.getItem("theme");
    } catch {
      // Storage may be closed to us; the system's wish stands.
    }
    var dark = choice === "dark" || (choice !== "light" && system.matches);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  }
  apply();
  system.addEventListener("change", apply);
})();

// Of a result's page: ask for the report while the code is on its way, and show the main finding as soon as it is known.
// The server names the same address in a header (src/datapilot/api/web.py), so the answer may be there before the page is.
// src/lib/early.ts takes the answer over.
(function () {
  var query = new URLSearchParams(location.search);
  var id = query.get("id");
  // A share link's token must become a session first.
  if (location.pathname !== "/results/" || !id || query.has("share")) return;
  var address = "/api/result?jobId=" + encodeURIComponent(id);
  var answer = fetch(address).then(function (response) {
    return response.text().then(function (body) {
      return { status: response.status, body: body };
    });
  });
  window.early = { address: address, answer: answer };
  answer
    .then(function (found) {
      if (found.status !== 200) return;
      var insights = JSON.parse(found.body).insights;
      var first = insights.analystInsights[0];
      var text = insights.businessSummary[0] || (first && first.headline);
      if (!text) return;
      if (window.early) window.early.headline = text;
      if (document.readyState !== "loading") show(text);
      else
        document.addEventListener("DOMContentLoaded", function () {
          show(text);
        });
    })
    .catch(function () {
      // Whoever takes the answer over says what went wrong.
    });

  function show(text) {
    var place = document.querySelector("[data-early]");
    if (!place) return;
    var early = JSON.parse(place.dataset.early);
    var look = early.looks.find(function (size) {
      return text.length > size[0];
    });
    place.className = look[1];
    // Word for word and line for line as the page will have it, so that nothing moves when it takes over.
    place.textContent = text
      .replace(new RegExp(early.together, "g"), function (found) {
        return found.replaceAll(" ", "\u00a0").replaceAll("-", "-\u2060");
      })
      .replace(new RegExp(early.turned, "g"), "\u2068$&\u2069");
  }
})();
