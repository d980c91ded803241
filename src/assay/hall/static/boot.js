// Runs in browsers that can run nothing else of the page. One whose program did not arrive whole (a cable, the hall started anew)
// loads itself again until it does; one that can never run it is told so, with a line for the invigilator.
(function () {
  var PATIENCE_MS = 6000, LONGEST_MS = 30000, MOST_TRIES = 2;
  var known = /^assay-tries-(\d+)$/.exec(window.name), tries = known ? Number(known[1]) : 0;
  var trouble = "", done = false;

  // A program that cannot be read is another matter than one that did not arrive.
  window.addEventListener("error", function (event) { if (event.message) trouble = event.message; });

  function app() { return document.getElementById("app"); }

  function isConsole() { return app().getAttribute("data-for") === "invigilator"; }

  function tooOld() {
    return !("noModule" in document.createElement("script")) || !Element.prototype.replaceChildren || !window.AbortController;
  }

  function unfit() {
    if (tooOld()) return "版本过旧";
    return trouble && tries >= MOST_TRIES ? "不能运行考试程序" : "";
  }

  function line(tag, className, text) {
    var node = document.createElement(tag);
    node.className = className;
    node.appendChild(document.createTextNode(text));
    return node;
  }

  function say(title, lines) {
    var card = line("section", "card narrow", "");
    card.appendChild(line("h1", "", title));
    for (var n = 0; n < lines.length; n += 1) card.appendChild(line("p", n ? "hint" : "error", lines[n]));
    app().innerHTML = "";
    app().appendChild(card);
  }

  function refuse(reason) {
    done = true;
    if (isConsole()) {
      say("此浏览器不能打开控制台", ["此浏览器不能打开控制台：" + reason + "。",
        "请换一台计算机，或用 Chrome、Edge 95 及更新的版本打开。考试照常进行。浏览器自报：" + navigator.userAgent + (trouble ? "；" + trouble : "")]);
      return;
    }
    say("此浏览器不能用于考试", ["此浏览器不能用于考试：" + reason + "，请举手。",
      "监考员：请换一台计算机，或用 Chrome、Edge 95 及更新的版本打开本页。浏览器自报：" + navigator.userAgent + (trouble ? "；" + trouble : "")]);
  }

  function look() {
    if (done) return;
    if (app().getAttribute("data-begun") && !tooOld()) { done = true; window.name = ""; return; }
    var reason = unfit();
    if (reason) { refuse(reason); return; }
    done = true;
    window.name = "assay-tries-" + (tries + 1);
    location.reload();
  }

  window.addEventListener("load", function () {
    if (unfit()) { look(); return; }
    if (tries >= MOST_TRIES && !app().getAttribute("data-begun")) {
      say("正在打开…", isConsole() ? ["页面还没有全部送到，正在重试。", "请看网线和考试服务器；已重试 " + tries + " 次。"]
        : ["页面还没有全部送到，正在重试。一直这样请举手。", "监考员：请看网线和考试服务器；已重试 " + tries + " 次。"]);
    }
    setTimeout(look, PATIENCE_MS);
  });
  setTimeout(look, LONGEST_MS);
}());
