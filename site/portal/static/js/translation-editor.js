// The translation editor's script has two English texts fixed in it. It builds its screen with React, so every
// text passes here; loaded before it.
const { source, target, title, more } = document.currentScript.dataset;
const texts = new Map([[`${source} to ${target} translation`, title], ["More actions", more]]);
const create = React.createElement;
React.createElement = (type, props, ...children) =>
  create(type, props, ...children.map((child) => texts.get(child) ?? child));
