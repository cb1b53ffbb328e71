import test from 'ava';
import { type Box, viewAround, viewOf } from '../../ui/chart/view-of.js';

const box = (x: number, y: number, width = 100, height = 50): Box => ({ x, y, width, height });
const room = { width: 1000, height: 600 };

/** Where a box is on the screen. */
const seen = (at: Box, view: { x: number; y: number; zoom: number }) => ({
  left: at.x * view.zoom + view.x,
  top: at.y * view.zoom + view.y,
  right: (at.x + at.width) * view.zoom + view.x,
  bottom: (at.y + at.height) * view.zoom + view.y,
});

test('a small chart is in the middle, as large as it is', (t) => {
  const view = viewOf([box(0, 0)], null, room);
  t.deepEqual(view, { zoom: 1, x: 450, y: 275 });
});

test('a chart that is somewhat too large is made smaller until all of it is seen', (t) => {
  const boxes = [box(0, 0), box(1200, 500)];
  const view = viewOf(boxes, null, room);
  t.true(view && view.zoom < 1 && view.zoom > 0.55);
  for (const at of boxes) {
    const { left, top, right, bottom } = seen(at, view ?? { x: 0, y: 0, zoom: 0 });
    t.true(left >= 0 && top >= 0 && right <= room.width && bottom <= room.height);
  }
});

test('a chart that could not be read as a whole is seen around what it is about, and nothing beyond its ends', (t) => {
  const boxes = [box(0, 3000), box(5000, 0), box(5000, 6000)];
  const first = viewOf(boxes, null, room);
  t.is(first?.zoom, 0.55);
  const { left, top } = seen(boxes[0] as Box, first ?? { x: 0, y: 0, zoom: 0 });
  t.is(Math.round(left), 13, 'at its margin');
  t.true(top > 200 && top < 400, 'in the middle of the height');

  const chosen = viewOf(boxes, boxes[2] as Box, room);
  const at = seen(boxes[2] as Box, chosen ?? { x: 0, y: 0, zoom: 0 });
  t.true(at.left > 0 && at.right < room.width && at.top > 0 && at.bottom < room.height);
});

test('who wants to see all of it does, however small', (t) => {
  t.true((viewOf([box(0, 0), box(20_000, 0)], null, room, 0)?.zoom ?? 1) < 0.06);
});

test('nothing to show and no room for it give no view', (t) => {
  t.is(viewOf([], null, room), null);
  t.is(viewOf([box(0, 0)], null, { width: 0, height: 600 }), null);
});

test('a view moves to what is not seen, and only then', (t) => {
  const view = { x: 0, y: 0, zoom: 0.5 };
  t.is(viewAround(box(10, 10), view, room), null);
  t.deepEqual(viewAround(box(4000, 0), view, room), { zoom: 0.5, x: 500 - 2025, y: 300 - 12.5 });
});
