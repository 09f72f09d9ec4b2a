SELECT e.id, TRIM(e.firstname || ' ' || e.lastname) AS name, NVL(e.title, 'n/a') AS title,
       BUILTIN.DF(e.department) AS department, e.supervisor,
       NVL2(e.supervisor, s.firstname || ' ' || s.lastname, 'nobody') AS supervisor_name,
       UPPER(SUBSTR(e.email, 1, INSTR(e.email, '@') - 1)) AS login,
       MONTHS_BETWEEN(TO_DATE('2026-01-01', 'YYYY-MM-DD'), TRUNC(e.hiredate, 'MM')) AS months,
       e.hiredate, e.issalesrep
FROM employee e
LEFT JOIN employee s ON s.id = e.supervisor
WHERE e.id > 0
