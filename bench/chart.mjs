/** A bar chart as SVG, of ratios to a peer: light and dark, without a script, a font or a file beside it. */

const [ROW, BAR, LEFT, WIDTH, TOP] = [26, 14, 330, 760, 56];

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** @param bars `{ label, value, against }`: how many times as fast we are as `against` */
export function drawChart(title, bars) {
  const most = Math.max(...bars.map(({ value }) => value));
  const scale = (WIDTH - LEFT - 60) / most;
  const height = TOP + bars.length * ROW + 16;
  const rows = bars.map(({ label, value, against }, index) => {
    const y = TOP + index * ROW;
    return `  <text class="label" x="${LEFT - 10}" y="${y + BAR - 2}" text-anchor="end">${escape(label)}</text>
  <rect class="bar" x="${LEFT}" y="${y}" width="${(value * scale).toFixed(1)}" height="${BAR}" rx="2"><title>${escape(`${value.toFixed(2)} times ${against}`)}</title></rect>
  <text class="value" x="${(LEFT + value * scale + 6).toFixed(1)}" y="${y + BAR - 2}">${value.toFixed(1)}×</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escape(title)}">
  <style>
    text { font: 12px system-ui, sans-serif; fill: #1f2937 }
    .title { font-size: 14px; font-weight: 600 }
    .value { font-weight: 600 }
    .bar { fill: #2563eb }
    .peer { stroke: #dc2626; stroke-width: 1.5; stroke-dasharray: 4 3 }
    .note { fill: #6b7280; font-size: 11px }
    .ground { fill: #ffffff }
    @media (prefers-color-scheme: dark) {
      text { fill: #e5e7eb } .bar { fill: #60a5fa } .note { fill: #9ca3af } .ground { fill: #111827 } .peer { stroke: #f87171 }
    }
  </style>
  <rect class="ground" width="${WIDTH}" height="${height}" rx="6"/>
  <text class="title" x="16" y="24">${escape(title)}</text>
  <text class="note" x="${LEFT + scale + 4}" y="46">the peer</text>
${rows.join("\n")}
  <line class="peer" x1="${(LEFT + scale).toFixed(1)}" y1="36" x2="${(LEFT + scale).toFixed(1)}" y2="${height - 12}"/>
</svg>
`;
}
