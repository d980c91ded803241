// A page whose program did not arrive whole (a cable, the hall started anew) loads itself again until it does.
(() => {
  const again = () => { if (!document.getElementById("app").dataset.begun) location.reload(); };
  window.addEventListener("load", () => setTimeout(again, 6000));
  setTimeout(again, 30000);
})();
