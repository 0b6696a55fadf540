// Everybody has chosen "Show all cameras": many browsers share the cores of one machine here, and would show fewer.
try {
  localStorage.setItem("aula.view", localStorage.getItem("aula.view") ?? JSON.stringify({ showAll: true }));
} catch {
  // no page of ours yet
}
