"""Files that no class takes."""

REFUSED_KINDS = (  # programs, and what systems run as such on a double click
    *(".app", ".bat", ".cmd", ".com", ".cpl", ".dll", ".dmg", ".exe", ".hta", ".jar", ".js", ".jse"),
    *(".lnk", ".msi", ".msix", ".pif", ".ps1", ".reg", ".scr", ".vbe", ".vbs", ".wsf", ".wsh"),
)
