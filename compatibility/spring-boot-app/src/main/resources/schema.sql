create table if not exists spring_orders (id serial primary key, item text);
