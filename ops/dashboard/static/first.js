// Before anything is drawn, so that nothing jumps: scripts work here, and components may take their shape.
document.documentElement.classList.add("js-enabled");
