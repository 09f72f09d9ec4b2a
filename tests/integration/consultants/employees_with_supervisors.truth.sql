SELECT e.id, e.firstname || ' ' || e.lastname AS name, coalesce(e.title, 'n/a') AS title,
       d.fullname AS department, e.supervisor,
       coalesce(s.firstname || ' ' || s.lastname, 'nobody') AS supervisor_name,
       upper(split_part(e.email, '@', 1)) AS login,
       date_diff('month', date_trunc('month', e.hiredate), DATE '2026-01-01') AS months,
       e.hiredate, e.issalesrep = 'T' AS issalesrep
FROM employee AS e LEFT JOIN department AS d ON d.id = e.department
LEFT JOIN employee AS s ON e.supervisor = s.id
WHERE e.id <> -5
