(function () {
  var box = document.getElementById('filter');
  var shown = document.getElementById('shown');
  var rows = Array.from(document.querySelectorAll('main .report tbody tr'));
  function filter() {
    var words = box.value.toLowerCase().split(' ');
    rows.forEach(function (row) {
      var cells = Array.from(row.cells, function (cell) { return cell.textContent; });
      var text = cells.join(' ').toLowerCase();
      row.hidden = !words.every(function (word) { return text.includes(word); });
    });
    shown.textContent = rows.filter(function (row) { return !row.hidden; }).length + ' of ' + rows.length + ' rows';
  }
  box.addEventListener('input', filter);
  document.getElementById('filtering').hidden = rows.length === 0;
})();
