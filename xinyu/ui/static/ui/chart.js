/* Draws the JSON beside every .xy-chart table. The table is the truth; the drawing is a help.
   Canvas and rich-text tooltips only: HTML tooltips carry style attributes, which the page's CSP refuses. */
(function () {
  "use strict";
  const COLOURS = ["#1d6f86", "#7fa88f", "#c29a4b", "#8a7fa6", "#5f7f9e", "#b07a66", "#93a3ab"];
  const FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";
  const axis = { axisLine: { lineStyle: { color: "#b8c4ca" } }, axisTick: { show: false }, splitLine: { lineStyle: { color: "#e8edef" } } };

  function option(spec) {
    const common = {
      color: COLOURS, textStyle: { fontFamily: FONT, color: "#22313a" }, animation: false,
      aria: { enabled: true, decal: { show: spec.series.length > 1 || spec.kind === "donut" } },
      tooltip: { renderMode: "richText", trigger: spec.kind === "donut" ? "item" : "axis", confine: true },
      legend: spec.series.length > 1 || spec.kind === "donut" ? { type: "scroll", bottom: 0 } : undefined,
      grid: { left: 8, right: 24, top: 36, bottom: spec.series.length > 1 ? 40 : 8, containLabel: true },
    };
    if (spec.kind === "donut") {
      const parts = spec.categories.map((name, i) => ({ name, value: spec.series[0].values[i] })).filter((part) => part.value !== null);
      return { ...common, series: [{ type: "pie", radius: ["48%", "72%"], center: ["50%", "44%"], data: parts, label: { formatter: "{b} {c}" } }] };
    }
    const names = { type: "category", data: spec.categories, ...axis };
    const numbers = { type: "value", name: spec.unit, minInterval: 1, ...axis, axisLine: { show: false } };
    const across = spec.kind === "barh";
    return {
      ...common,
      xAxis: across ? numbers : names,
      yAxis: across ? { ...names, inverse: true } : numbers,
      series: spec.series.map((line) => ({
        name: line.name, data: line.values, type: spec.kind === "line" ? "line" : "bar", barMaxWidth: 28, symbolSize: 7,
        stack: spec.kind === "stacked" ? "all" : undefined, connectNulls: false,
      })),
    };
  }

  function draw(box) {
    const data = document.getElementById(box.dataset.chart);
    const canvas = box.querySelector(".xy-canvas");
    if (!window.echarts || !data || box.classList.contains("is-drawn")) return;
    box.classList.add("is-drawn");
    const chart = window.echarts.init(canvas, null, { renderer: "canvas" });
    chart.setOption(option(JSON.parse(data.textContent)));
    new ResizeObserver(() => chart.resize()).observe(canvas);
  }

  function all(from) { from.querySelectorAll(".xy-chart").forEach(draw); }
  document.addEventListener("htmx:afterSettle", (event) => all(event.target));
  all(document);
})();
