// Where buttons that come and go stand in a row. While the row is about the same people (or the same room) nothing in it moves: what is
// offered no more keeps its place and cannot be pressed, and what is offered anew comes at the end. The hand that is on its way to one
// button finds that one, or nothing.
const rows = new Map();

export function placesIn(row, about, offered) {
  const before = rows.get(row);
  const kept = before && before.about === about ? before.places : [];
  const places = [...kept, ...offered.filter((deed) => !kept.includes(deed))];
  rows.set(row, { about, places });
  return places.map((deed) => ({ deed, gone: !offered.includes(deed) }));
}
